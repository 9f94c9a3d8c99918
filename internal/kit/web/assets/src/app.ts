import htmx from "htmx.org";

// The content security policy allows no inline style and no evaluated script.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
// Pages hold people's data: none of it stays behind in the browser's storage.
htmx.config.historyCacheSize = 0;

// A picture that moves with time: the slider, or the button, goes through the months.
for (const figure of document.querySelectorAll<HTMLElement>("[data-slick]")) slick(figure);

function slick(figure: HTMLElement) {
  const slider = figure.querySelector<HTMLElement>("[data-slider]")!;
  const range = slider.querySelector<HTMLInputElement>("input")!;
  const play = slider.querySelector<HTMLButtonElement>("[data-play]")!;
  const month = figure.querySelector<HTMLElement>("[data-month]")!;
  const total = figure.querySelector<HTMLElement>("[data-total]")!;
  const months = JSON.parse(range.dataset.months!) as string[];
  const totals = JSON.parse(figure.dataset.totals!) as number[];
  const drops = [...figure.querySelectorAll<SVGCircleElement>("[data-radii]")].map((c) => ({ c, radii: JSON.parse(c.dataset.radii!) as number[] }));
  let timer = 0;

  function show(at: number) {
    range.value = String(at);
    range.setAttribute("aria-valuetext", `${months[at]}: ${totals[at]}`);
    month.textContent = months[at];
    total.textContent = String(totals[at]);
    for (const d of drops) d.c.setAttribute("r", String(d.radii[at]));
  }
  function stop() {
    clearInterval(timer);
    timer = 0;
  }

  figure.querySelector<HTMLElement>("[data-plain]")!.hidden = true;
  slider.hidden = false;
  range.addEventListener("input", () => {
    stop();
    show(Number(range.value));
  });
  play.addEventListener("click", () => {
    if (timer) return stop();
    let at = Number(range.value) >= months.length - 1 ? 0 : Number(range.value);
    show(at);
    timer = window.setInterval(() => (at < months.length - 1 ? show(++at) : stop()), 700);
  });
  show(Number(range.value));
}
