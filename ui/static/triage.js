/* The strip of what was read in a message: blurred words and the key that shows them, corrected labels. */
(() => {
  const LEVELS = ["off", "mild", "strong"], KEY = "pv-exposure";
  const root = document.documentElement;
  const level = () => (LEVELS.includes(localStorage.getItem(KEY)) ? localStorage.getItem(KEY) : "mild");
  const guard = () => document.querySelector(".pv-guard");

  /* What is blurred is not read aloud either, until it is shown. */
  function apply(here, open) {
    const chosen = level(), button = here.querySelector("[data-reveal]"), text = here.querySelector(".pv-comment");
    here.dataset.exposure = chosen;
    button.dataset.label = button.dataset.label || button.textContent;
    button.textContent = open ? here.dataset.again : button.dataset.label;
    button.setAttribute("aria-expanded", String(open));
    button.hidden = chosen === "off";
    const hidden = chosen !== "off" && !open;
    for (const node of here.querySelectorAll(".pv-blurred")) node.setAttribute("aria-hidden", String(hidden));
    text.setAttribute("aria-hidden", String(hidden && chosen === "strong"));
    for (const radio of here.querySelectorAll("[name=pv-exposure]")) radio.checked = radio.value === chosen;
    root.classList.toggle("pv-shown", open || chosen === "off");
  }

  function toggle() {
    const here = guard();
    if (!here || level() === "off") return false;
    apply(here, here.querySelector("[data-reveal]").getAttribute("aria-expanded") !== "true");
    return true;
  }

  window.pvTriage = (element, trigger) => {
    const fresh = () => element.querySelector(".pv-guard:not([data-ready])");
    const take = () => {
      const here = fresh();
      if (here) here.dataset.ready = "1", apply(here, false);
    };
    new MutationObserver(take).observe(element, { childList: true, subtree: true });
    take();
    element.addEventListener("click", (event) => {
      if (event.target.closest("[data-reveal]")) toggle();
      if (event.target.closest("[data-uncorrect]")) trigger("click", { undo: true });
    });
    element.addEventListener("change", (event) => {
      if (event.target.name !== "pv-exposure") return;
      localStorage.setItem(KEY, event.target.value);
      apply(guard(), false);
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = new FormData(event.target);
      const intents = said.getAll("intents");
      trigger("click", { undo: false, intents: intents.length ? intents : ["other"], route: said.get("route") });
    });
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyV" && toggle()) event.preventDefault();
  });
})();
