// One statement at a time, for who has script; without it the page is one long
// form. The form stays the same form: native radio groups, one post.
const form = document.querySelector<HTMLFormElement>("form.answers");
if (form) paged(form);

function paged(form: HTMLFormElement) {
  const steps = [...form.querySelectorAll<HTMLElement>("[data-step]")];
  const back = form.querySelector<HTMLButtonElement>("[data-back]")!;
  const next = form.querySelector<HTMLButtonElement>("[data-next]")!;
  const send = form.querySelector<HTMLButtonElement>("[data-send]")!;
  const bar = form.querySelector<HTMLProgressElement>("progress")!;
  const place = form.querySelector<HTMLElement>("[data-place]")!;
  let at = 0;

  const answered = (s: HTMLElement) => s.querySelector("input:checked") !== null;
  const open = (s: HTMLElement) => s.dataset.open !== undefined;

  function show(to: number, focus: boolean) {
    at = Math.max(0, Math.min(to, steps.length - 1));
    steps.forEach((s, i) => (s.hidden = i !== at));
    back.hidden = at === 0;
    next.hidden = at === steps.length - 1;
    send.hidden = !next.hidden;
    bar.value = steps.filter(answered).length;
    place.textContent = place.dataset.text!.replace("{n}", String(at + 1));
    if (focus) steps[at].querySelector<HTMLElement>("input:checked, input, textarea")?.focus();
    if (focus) form.scrollIntoView({ block: "start" });
  }

  form.classList.add("paged");
  back.addEventListener("click", () => show(at - 1, true));
  next.addEventListener("click", () => show(at + 1, true));
  form.addEventListener("change", () => (bar.value = steps.filter(answered).length));
  // Enter goes on; it sends only from the last statement.
  form.addEventListener("submit", (e) => {
    const later = (e.submitter as HTMLButtonElement | null)?.name === "~later";
    if (at < steps.length - 1 && !later) {
      e.preventDefault();
      show(at + 1, true);
    }
  });
  // Where a statement was left out, the server marks it: begin there; else at the
  // first without an answer, for who comes back.
  const missing = steps.findIndex((s) => s.classList.contains("missing"));
  show(missing >= 0 ? missing : steps.findIndex((s) => !answered(s) && !open(s)), false);
  saving(form);
}

// Answers are saved as they are given, every few seconds, and when the page is left.
function saving(form: HTMLFormElement) {
  const note = form.querySelector<HTMLElement>("[data-saved]");
  if (!note) return; // a shared link's page: others may open it, so it is saved when asked to only
  let timer = 0;

  async function save() {
    clearTimeout(timer);
    timer = 0;
    try {
      const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
      body.set("~later", "1");
      const answer = await fetch(form.action, { method: "POST", body, keepalive: true });
      note!.textContent = answer.ok ? note!.dataset.text! : note!.dataset.failed!;
    } catch {
      note!.textContent = note!.dataset.failed!;
    }
  }

  form.addEventListener("change", () => (timer ||= window.setTimeout(save, 2000)));
  form.addEventListener("submit", (e) => {
    if (e.defaultPrevented) return;
    clearTimeout(timer);
    timer = 0;
  });
  document.addEventListener("visibilitychange", () => timer && document.hidden && save());
}
