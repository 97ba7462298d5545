import { pageTexts } from '../texts/texts.ts';
import { texts as en } from './texts.en.ts';

/** The texts of the trial of thresholds. */
export const t = await pageTexts(en, { de: () => import('./texts.de.ts') });
