import { en, type Texts } from './en.ts';

export type Language = 'en' | 'de';
export const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

const LANGUAGE = 'medkit.language';

/** Texts of the pages in the language of the user: English until `loadTexts` has loaded another language. */
export let texts: Texts = en;
/** The language of `texts`. */
let chosen: Language = 'en';

/** Returns the language that the user chose, else the first supported language of the browser, else English. */
export function language(): Language {
  const wanted = [localStorage.getItem(LANGUAGE) ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2));
  return wanted.find((tag): tag is Language => Object.hasOwn(LANGUAGES, tag)) ?? 'en';
}

/** Loads the texts of the language. Called before the first page is rendered. */
export async function loadTexts(): Promise<void> {
  chosen = language();
  document.documentElement.lang = chosen;
  if (chosen === 'de') ({ de: texts } = await import('./de.ts'));
}

/** Stores the language and reloads the page. */
export function chooseLanguage(wanted: Language): void {
  localStorage.setItem(LANGUAGE, wanted);
  location.reload();
}

/**
 * Returns the texts of a page in the language of the user. They are in the folder of the page, so that the first page
 * loads only its texts: `export const t = await pageTexts(english, { de: () => import('./texts.de.ts') })`.
 */
export async function pageTexts<Page>(
  english: Page,
  others: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ readonly texts: Page }>>>,
): Promise<Page> {
  return chosen === 'en' ? english : (await others[chosen]()).texts;
}
