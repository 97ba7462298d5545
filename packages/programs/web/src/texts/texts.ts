import { en, type Texts } from './en.ts';

export type Language = 'en' | 'de';
export const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

const LANGUAGE = 'medkit.language';

/** Texts of the pages in the language of the user: English until `loadTexts` has loaded another language. */
export let texts: Texts = en;

/** Returns the language that the user chose, else the first supported language of the browser, else English. */
export function language(): Language {
  const wanted = [localStorage.getItem(LANGUAGE) ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2));
  return wanted.find((tag): tag is Language => Object.hasOwn(LANGUAGES, tag)) ?? 'en';
}

/** Loads the texts of the language. Called before the first page is rendered. */
export async function loadTexts(): Promise<void> {
  const chosen = language();
  document.documentElement.lang = chosen;
  if (chosen === 'de') ({ de: texts } = await import('./de.ts'));
}

/** Stores the language and reloads the page. */
export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(LANGUAGE, chosen);
  location.reload();
}

/**
 * Returns the texts of one page in the language of the user. A page that few users open has its texts in its folder, so
 * that they load with the page: `export const t = await pageTexts(en, { de: () => import('./texts.de.ts') })`.
 */
export async function pageTexts<Page>(
  english: Page,
  others: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ readonly texts: Page }>>>,
): Promise<Page> {
  const chosen = language();
  return chosen === 'en' ? english : (await others[chosen]()).texts;
}
