/* Chooses light or dark before anything is painted; a file of its own, as the content policy lets no text of the page run. */
document.documentElement.dataset.theme =
  localStorage.getItem('inspectree-theme') || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
