/* Savoir: buttons inside lists and dialogs, and the form of an entry that survives a reload. */
(() => {
  window.pvKnowledge = (element, trigger, watch) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button) return;
      button.closest("dialog")?.close();
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
