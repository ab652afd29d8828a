/* Relire: the list, the fixes, the choice after a conflict, and what was typed and not yet saved. */
(() => {
  const KEPT = "pv-review-open", TEXT = "pv-review-text", SEEN = "pv-review-seen", REMARK = "pv-review-remark";

  window.pvReview = (element, trigger) => {
    const open = (id) => trigger("click", { open: id, text: window.pvKept(TEXT), seen: Number(window.pvKept(SEEN)) });
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-open]");
      if (!button) return;
      if (button.dataset.open !== window.pvKept(KEPT)) for (const id of [TEXT, SEEN, REMARK]) window.pvKeep(id, "");
      window.pvKeep(KEPT, button.dataset.open);
      window.pvShow("#pv-review-head");
      open(button.dataset.open);
    });
    const start = () => open(window.pvKept(KEPT));
    if (document.documentElement.classList.contains("pv-ready")) start();
    else document.addEventListener("pv-restored", start, { once: true });
  };

  /* With an edit goes the version it was made on: saved over a later one, it is a conflict. */
  document.addEventListener("input", (event) => {
    const title = event.target.closest?.(`#${TEXT}`) && document.querySelector(".pv-review-title");
    if (title) window.pvKeep(SEEN, title.dataset.version);
  }, true);

  window.pvKeys({ s: "#pv-review-save", enter: "#pv-review-approve, #pv-review-again" });

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

  /* Saved; where there is a conflict instead, what was typed stays kept. */
  window.pvReviewSaved = (conflict) => {
    if (!conflict) for (const id of [TEXT, SEEN]) window.pvKeep(id, "");
  };
})();
