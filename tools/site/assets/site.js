// Behaviour of the documentation pages: colours, contents on a narrow screen, copying of code, search. The pages are
// readable without it. It makes no requests: the search index is a script next to it.
const page = document.documentElement;
const THEME = 'medkit-theme';
const MAX_FOUND = 12;
const EXCERPT = 150;

document.addEventListener('DOMContentLoaded', () => {
  switchTheme(document.querySelector('.theme'));
  openContents(document.querySelector('.menu'));
  for (const block of document.querySelectorAll('main pre')) addCopyButton(block);
  search(document.querySelector('.search input'), document.querySelector('#found'));
  document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest' });
});

// Last, because it throws if storage is forbidden. Runs before the first paint, otherwise the page would flash.
const chosen = localStorage.getItem(THEME);
if (chosen) page.dataset.theme = chosen;

function switchTheme(button) {
  const isDark = () =>
    (page.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : '')) === 'dark';
  const label = () => {
    button.textContent = isDark() ? 'Light' : 'Dark';
  };
  label();
  button.addEventListener('click', () => {
    page.dataset.theme = isDark() ? 'light' : 'dark';
    localStorage.setItem(THEME, page.dataset.theme);
    label();
  });
}

function openContents(button) {
  button.addEventListener('click', () => {
    const isOpen = page.toggleAttribute('data-menu');
    button.setAttribute('aria-expanded', String(isOpen));
  });
}

function addCopyButton(block) {
  const around = document.createElement('div');
  around.className = 'block';
  block.replaceWith(around);
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  around.append(block, button);
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(block.textContent.trimEnd());
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1500);
  });
}

function search(input, list) {
  let index;
  const load = () => {
    index ??= new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = `${page.dataset.root}search-index.js`;
      script.onload = () => resolve(globalThis.searchIndex);
      script.onerror = reject;
      document.head.append(script);
    });
    return index;
  };
  const close = () => {
    list.hidden = true;
  };
  input.addEventListener('focus', load, { once: true });
  input.addEventListener('input', async () => {
    const typed = input.value;
    const sections = await load();
    if (typed !== input.value) return;
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    list.hidden = words.length === 0;
    list.replaceChildren(...(words.length === 0 ? [] : resultsOf(sections, words)));
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      close();
      input.blur();
    }
    if (event.key === '/' && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
      input.select();
    }
    const links = [...list.querySelectorAll('a')];
    const inSearch = document.activeElement === input || links.includes(document.activeElement);
    if (list.hidden || !inSearch) return;
    if (event.key === 'Enter' && document.activeElement === input) links[0]?.click();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    (links[links.indexOf(document.activeElement) + step] ?? input).focus();
  });
  document.addEventListener('click', (event) => {
    if (!event.target.closest('.search') || event.target.closest('#found a')) close();
  });
}

function resultsOf(sections, words) {
  const found = sections
    .map((section) => ({ section, weight: weightOf(section, words) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_FOUND);
  if (found.length > 0) return found.map(({ section }) => resultOf(section, words));
  const none = document.createElement('li');
  none.textContent = 'Nothing is called so.';
  return [none];
}

/**
 * Returns 0 unless the section contains every word. A word in the heading counts most, and more if it is at the start
 * of a word.
 */
function weightOf({ page: title, heading, text }, words) {
  let sum = 0;
  for (const word of words) {
    const [inHeading, inTitle, inText] = [heading, title, text].map((part) => weightIn(part.toLowerCase(), word));
    if (inHeading + inTitle + inText === 0) return 0;
    sum += 8 * inHeading + 4 * inTitle + inText;
  }
  return sum;
}

function weightIn(text, word) {
  const place = text.indexOf(word);
  if (place < 0) return 0;
  if (place === 0) return 3;
  return text.includes(` ${word}`) ? 2 : 1;
}

function resultOf({ at, page: title, heading, text }, words) {
  const link = document.createElement('a');
  link.href = page.dataset.root + at;
  const excerpt = document.createElement('small');
  const first =
    Math.max(0, ...words.map((word) => text.toLowerCase().indexOf(word)).filter((place) => place >= 0)) || 0;
  const start = Math.max(0, first - EXCERPT / 3);
  excerpt.append(...marked(`${start > 0 ? '…' : ''}${text.slice(start, start + EXCERPT)}`, words));
  link.append(...marked(heading === title ? title : `${title} › ${heading}`, words), excerpt);
  const item = document.createElement('li');
  item.append(link);
  return item;
}

/** Marks the search words in a text. */
function marked(text, words) {
  const pattern = new RegExp(
    `(${words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`,
    'gi',
  );
  return text.split(pattern).map((part, position) => {
    if (position % 2 === 0) return part;
    const mark = document.createElement('mark');
    mark.textContent = part;
    return mark;
  });
}
