import { pageTexts } from '../texts/texts.ts';
import { texts as english } from './texts.en.ts';

export const doctorTexts = await pageTexts(english, { de: () => import('./texts.de.ts') });
