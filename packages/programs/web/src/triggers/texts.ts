import { pageTexts } from '../texts/texts.ts';
import { texts as english } from './texts.en.ts';

/** Texts of these pages in the language of the user. */
export const t = await pageTexts(english, { de: () => import('./texts.de.ts') });
