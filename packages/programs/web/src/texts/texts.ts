import { en, type Texts } from './en.ts';

export type Language = 'en' | 'de';
export const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

const LANGUAGE = 'medkit.language';

/** The texts of these pages in the language of whoever reads them. */
export let texts: Texts = en;

/** The language that was chosen, else the first of the browser's that there is. */
export function language(): Language {
  const wanted = [localStorage.getItem(LANGUAGE) ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2));
  return wanted.find((tag): tag is Language => Object.hasOwn(LANGUAGES, tag)) ?? 'en';
}

/** Loads the texts; before anything is drawn. */
export async function loadTexts(): Promise<void> {
  const chosen = language();
  document.documentElement.lang = chosen;
  if (chosen === 'de') ({ de: texts } = await import('./de.ts'));
}

/** Chooses a language: the page is loaded anew with it. */
export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(LANGUAGE, chosen);
  location.reload();
}
