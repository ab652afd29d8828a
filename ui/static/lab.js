/* Atelier: what is being edited survives a reload, and the history's buttons. */
(() => {
  window.pvLabBegin = (trigger) => {
    const begin = () =>
      trigger("submit", {
        name: window.pvKept("pv-lab-name"),
        head: window.pvKept("pv-lab-head"),
        text: window.pvKept("pv-lab-text"),
      });
    if (document.documentElement.classList.contains("pv-ready")) begin();
    else document.addEventListener("pv-restored", begin, { once: true });
  };

  window.pvLabChosen = (name) => {
    window.pvForget();
    window.pvKeep("pv-lab-name", name);
  };

  window.pvLabHistory = (element, trigger) =>
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-version]");
      if (button) trigger("click", { version: button.dataset.version });
    });

  const press = (id) => document.querySelector(`#${id}`)?.click();
  document.addEventListener("keydown", (event) => {
    if (!document.querySelector("#pv-lab-text") || !(event.ctrlKey || event.metaKey)) return;
    if (event.key === "Enter") press("pv-lab-go"), event.preventDefault();
  });
})();
