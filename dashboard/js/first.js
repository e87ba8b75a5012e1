/* Chooses light or dark, and how wide the toolbox is, before anything is painted; a file of its own, as the content policy lets no text of the page run. */
document.documentElement.dataset.theme =
  localStorage.getItem('inspectree-theme') || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
if (localStorage.getItem('inspectree-tool-names')) document.documentElement.setAttribute('data-tool-names', '');
