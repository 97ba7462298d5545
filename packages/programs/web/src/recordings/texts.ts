import { pageTexts } from '../texts/texts.ts';
import { texts as english } from './texts.en.ts';

export const recordingTexts = await pageTexts(english, { de: () => import('./texts.de.ts') });
