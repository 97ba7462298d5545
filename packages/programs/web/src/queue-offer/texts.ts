import { pageTexts } from '../texts/texts.ts';
import { texts as en } from './texts.en.ts';

/** The texts of the offer to queue requests in the language of the user. */
export const t = await pageTexts(en, { de: () => import('./texts.de.ts') });
