/* Who is signed in, the way out, and a session that ended while the page was open. */
(() => {
  const home = "../";
  const asked = window.fetch.bind(window);
  window.fetch = async (...what) => {
    const answer = await asked(...what);
    if (answer.status === 401 && answer.headers.has("X-Sign-In")) {
      // What was typed is kept in this browser and stands there again after signing in.
      location.assign(`${home}signin?next=${encodeURIComponent(location.pathname)}`);
    }
    return answer;
  };

  document.addEventListener("pv-restored", async () => {
    const head = document.querySelector(".pv-header");
    if (!head || head.querySelector(".pv-person")) return;
    const person = await asked(`${home}session`).then((a) => a.json()).catch(() => ({}));
    if (!person.name) return;
    const form = Object.assign(document.createElement("form"), { method: "post", action: `${home}signout` });
    form.className = "pv-person";
    const name = Object.assign(document.createElement("span"), { textContent: person.name });
    const out = Object.assign(document.createElement("button"), { textContent: head.dataset.out });
    form.append(name, out);
    head.append(form);
  });
})();
