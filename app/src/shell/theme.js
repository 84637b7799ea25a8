// The theme that was chosen before: it stands before anything is painted.
try {
  const theme = localStorage.getItem('lab-theme');
  if (theme) document.documentElement.dataset.theme = theme;
} catch {}
