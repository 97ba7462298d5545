import { pageTexts } from '../texts/texts.ts';
import { texts as en } from './texts.en.ts';

/** Texts of the pages of updates. */
export const t = await pageTexts(en, { de: () => import('./texts.de.ts') });
