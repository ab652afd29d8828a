/* Savoir: buttons inside lists and dialogs, and the form of an entry that survives a reload. */
(() => {
  /* Where what a button asks for appears; out of sight, it is scrolled to once it is there. */
  const places = { open: "#pv-knowledge-head", rule: "#pv-knowledge-rule", review: "#pv-knowledge-review" };

  function show(selector) {
    const place = selector && document.querySelector(selector);
    if (!place) return;
    const seen = new MutationObserver(() => {
      seen.disconnect();
      requestAnimationFrame(() => {
        const top = place.getBoundingClientRect().top;
        if (top < 0 || top > innerHeight * 0.7) place.scrollIntoView({ block: "start" });
      });
    });
    seen.observe(place, { childList: true, subtree: true, characterData: true });
    setTimeout(() => seen.disconnect(), 10_000);
  }

  window.pvKnowledge = (element, trigger, watch) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button) return;
      button.closest("dialog")?.close();
      show(places[button.dataset.do]);
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
