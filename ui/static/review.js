/* Relire: the list, the fixes, the choice after a conflict, and what was typed and not yet saved. */
(() => {
  const KEPT = "pv-review-open", TEXT = "pv-review-text";

  window.pvReview = (element, trigger) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-open]");
      if (!button) return;
      if (button.dataset.open !== window.pvKept(KEPT)) window.pvKeep(TEXT, "");
      window.pvKeep(KEPT, button.dataset.open);
      trigger("click", { open: button.dataset.open, text: window.pvKept(TEXT) });
    });
    const start = () => trigger("click", { open: window.pvKept(KEPT), text: window.pvKept(TEXT) });
    if (document.documentElement.classList.contains("pv-ready")) start();
    else document.addEventListener("pv-restored", start, { once: true });
  };

  window.pvReviewFix = (element, trigger) =>
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-fix]");
      if (button) trigger("click", { fix: Number(button.dataset.fix) });
    });

  window.pvReviewConflict = (element, watch, trigger) => {
    const show = () => {
      const dialog = element.querySelector("dialog");
      if (dialog && !dialog.open) dialog.showModal();
    };
    watch("value", () => setTimeout(show, 30));
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-choice]");
      if (!button) return;
      element.querySelector("dialog").close();
      trigger("click", { choice: button.dataset.choice });
    });
  };

  window.pvReviewSaved = () => window.pvKeep(TEXT, "");
})();
