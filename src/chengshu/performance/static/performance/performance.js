// Behaviours of the self-evaluation pages. Every page works without them.
(function () {
  "use strict";

  // The chosen cell is marked where it stands, and the panel beside it comes into view.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-cell]");
    if (!link) return;
    document.querySelectorAll(".paper td.is-chosen").forEach((cell) => cell.classList.remove("is-chosen"));
    const cell = document.getElementById("cell" + link.dataset.cell.replaceAll("/", "-"));
    if (cell) {
      cell.classList.add("is-chosen");
      if (!link.classList.contains("cell-link")) cell.scrollIntoView({ block: "center" });
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "side") return;
    showOrigin();
    if (window.matchMedia("(max-width: 1100px)").matches) event.target.scrollIntoView();
    event.target.focus({ preventScroll: true });
  });
  function showOrigin() {
    const origin = document.querySelector(".source-rows .is-origin");
    const frame = document.querySelector(".source-rows");
    if (origin && frame) frame.scrollTop = origin.offsetTop - frame.clientHeight / 3;
  }
  showOrigin();

  // A batch that was being read shows its results once its job has ended.
  document.addEventListener("htmx:afterSwap", () => {
    const waiting = document.querySelector("[data-reload-when-done]");
    if (waiting && !waiting.querySelector("[hx-trigger]")) window.location.reload();
  });

  const form = document.querySelector("[data-upload]");
  if (form) prepareUpload(form);

  function prepareUpload(form) {
    const input = form.querySelector("[data-files]");
    const list = form.querySelector("[data-file-list]");
    const zone = form.querySelector("[data-drop-zone]");
    let chosen = [];

    form.querySelectorAll("[data-needs-script]").forEach((part) => { part.hidden = false; });

    function add(files) {
      const known = new Set(chosen.map(identity));
      chosen = chosen.concat([...files].filter((file) => !known.has(identity(file))));
      show();
    }

    function show() {
      const bag = new DataTransfer();
      chosen.forEach((file) => bag.items.add(file));
      input.files = bag.files;
      list.replaceChildren(...chosen.map((file) => line(file)));
    }

    // Two files of one name and size may differ: only one chosen twice is the same.
    function identity(file) {
      return [file.webkitRelativePath, file.name, file.size, file.lastModified].join("/");
    }

    function line(file) {
      const item = document.createElement("li");
      const name = document.createElement("span");
      name.className = "file-name";
      name.textContent = file.name;
      const size = document.createElement("span");
      size.className = "soft";
      size.textContent = (file.size / 1024).toFixed(1) + " KB";
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "link-button";
      remove.textContent = form.dataset.remove;
      remove.setAttribute("aria-label", form.dataset.remove + " " + file.name);
      remove.addEventListener("click", () => {
        chosen = chosen.filter((other) => other !== file);
        show();
      });
      item.append(name, size, remove);
      return item;
    }

    input.addEventListener("change", () => add(input.files));
    form.querySelector("[data-folder]").addEventListener("change", (event) => add(event.target.files));
    ["dragover", "dragenter"].forEach((kind) =>
      zone.addEventListener(kind, (event) => {
        event.preventDefault();
        zone.classList.add("is-over");
      }));
    zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
    zone.addEventListener("drop", async (event) => {
      event.preventDefault();
      zone.classList.remove("is-over");
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
      if (!entries.length) return add(event.dataTransfer.files);
      add((await Promise.all(entries.map(filesOf))).flat());
    });
    document.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) add(event.clipboardData.files);
    });
    form.addEventListener("submit", (event) => send(event, form));
  }

  // A dropped folder gives all files below it.
  function filesOf(entry) {
    if (entry.isFile) return new Promise((done) => entry.file((file) => done([file]), () => done([])));
    const reader = entry.createReader();
    const found = [];
    return new Promise((done) => {
      const next = () => reader.readEntries((batch) => {
        if (!batch.length) return done(Promise.all(found.map(filesOf)).then((lists) => lists.flat()));
        found.push(...batch);
        next();
      }, () => done([]));
      next();
    });
  }

  // The upload shows how far it is; the page that the server answers with is opened as after a plain post.
  function send(event, form) {
    event.preventDefault();
    const bar = form.querySelector("[data-upload-progress]");
    const button = form.querySelector("[data-submit]");
    const label = button.textContent;
    const request = new XMLHttpRequest();
    bar.hidden = false;
    button.disabled = true;
    button.textContent = form.dataset.sending;
    request.upload.addEventListener("progress", (step) => {
      if (step.lengthComputable) bar.value = (100 * step.loaded) / step.total;
    });
    const restore = () => {
      bar.hidden = true;
      button.disabled = false;
      button.textContent = label;
    };
    request.addEventListener("load", () => {
      if (request.status < 400) return window.location.assign(request.responseURL);
      restore();
      say(form, new DOMParser().parseFromString(request.responseText, "text/html").querySelector("#upload-error"));
    });
    request.addEventListener("error", () => {
      restore();
      say(form, null);
    });
    request.open("POST", form.action);
    request.send(new FormData(form));
  }

  function say(form, found) {
    document.getElementById("upload-error")?.remove();
    const notice = found || document.createElement("div");
    if (!found) {
      notice.id = "upload-error";
      notice.className = "notice notice-error";
      notice.setAttribute("role", "alert");
      notice.tabIndex = -1;
      notice.textContent = form.dataset.failed;
    }
    form.before(notice);
    notice.focus();
  }
})();
