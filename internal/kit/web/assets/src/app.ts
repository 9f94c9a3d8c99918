import htmx from "htmx.org";

// The content security policy allows no inline style and no evaluated script.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
// Pages hold people's data: none of it stays behind in the browser's storage.
htmx.config.historyCacheSize = 0;

// A picture that moves with time: the slider, or the button, goes through the months.
for (const figure of document.querySelectorAll<HTMLElement>("[data-moving]")) if (figure.querySelector("[data-slider]")) moving(figure);

function moving(figure: HTMLElement) {
  const slider = figure.querySelector<HTMLElement>("[data-slider]")!;
  const range = slider.querySelector<HTMLInputElement>("input")!;
  const play = slider.querySelector<HTMLButtonElement>("[data-play]")!;
  const month = figure.querySelector<HTMLElement>("[data-month]")!;
  const total = figure.querySelector<HTMLElement>("[data-total]")!;
  const months = JSON.parse(range.dataset.months!) as string[];
  const totals = JSON.parse(figure.dataset.totals!) as string[];
  const drops = [...figure.querySelectorAll<SVGCircleElement>("[data-radii]")].map((c) => ({
    c,
    title: c.querySelector("title")!,
    radii: JSON.parse(c.dataset.radii!) as number[],
    each: JSON.parse(c.dataset.each!) as number[],
  }));
  const parts = [...figure.querySelectorAll<SVGElement>("[data-since]")];
  let timer = 0;

  function show(at: number) {
    range.value = String(at);
    range.setAttribute("aria-valuetext", `${months[at]}: ${totals[at]}`);
    month.textContent = months[at];
    total.textContent = totals[at];
    if (figure.dataset.label) figure.querySelector("svg")!.setAttribute("aria-label", figure.dataset.label.replace("{month}", months[at]));
    for (const d of drops) {
      d.c.setAttribute("r", String(d.radii[at]));
      d.title.textContent = d.c.dataset.said!.replace("{n}", String(d.each[at]));
    }
    for (const p of parts) p.classList.toggle("later", Number(p.dataset.since) > at);
  }
  function stop() {
    clearInterval(timer);
    timer = 0;
  }

  const plain = figure.querySelector<HTMLElement>("[data-plain]");
  if (plain) plain.hidden = true;
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

// What scrolls through time begins with today.
for (const line of document.querySelectorAll<HTMLElement>("[data-end]")) line.scrollLeft = line.scrollWidth;

// What is kept as it is typed says so when it could not be.
for (const lost of ["htmx:sendError", "htmx:responseError"])
  document.body.addEventListener(lost, () => {
    const note = document.querySelector<HTMLElement>("[data-lost]");
    if (note) note.textContent = note.dataset.lost!;
  });
