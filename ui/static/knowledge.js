/* Savoir: buttons inside lists and dialogs, and the form of an entry that survives a reload. */
(() => {
  /* Where what a button asks for appears. */
  const places = { open: "#pv-knowledge-head", rule: "#pv-knowledge-rule", review: "#pv-knowledge-review" };

  window.pvKnowledge = (element, trigger, watch) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button) return;
      button.closest("dialog")?.close();
      window.pvShow(places[button.dataset.do]);
      trigger("click", { do: button.dataset.do, id: button.dataset.id || "" });
    });
    if (!watch) return;
    watch("value", () =>
      setTimeout(() => {
        const dialog = element.querySelector("dialog[data-open]");
        if (dialog && !dialog.open) dialog.showModal();
      }),
    );
  };

  window.pvKeys({ s: "#pv-knowledge-save, #pv-knowledge-brand-save" });

  /* A new entry is written at once, wherever its form stands. */
  window.pvKnowledgeNew = () => {
    const field = document.querySelector("#pv-knowledge-question textarea");
    field?.focus({ preventScroll: true });
    const head = document.querySelector("#pv-knowledge-head"), top = head?.getBoundingClientRect().top ?? 0;
    if (top < 0 || top > innerHeight * 0.7) head.scrollIntoView({ block: "start" });
  };

  window.pvKnowledgeMode = (mode) => {
    document.documentElement.dataset.brand = mode;
  };

  window.pvKnowledgeTurn = (name) => {
    document.documentElement.dataset.room = name;
  };

  /* The entry as it was seen, and the words of its form: what is typed later is kept over them. */
  window.pvKnowledgeHold = (ticket, question, answer) => {
    window.pvKeep("pv-knowledge-ticket", ticket);
    window.pvKeep("pv-knowledge-question", question);
    window.pvKeep("pv-knowledge-answer", answer);
  };
})();
