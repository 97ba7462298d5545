import { pageTexts } from '../../texts/texts.ts';
import { texts as english } from './texts.en.ts';

export const t = await pageTexts(english, { de: () => import('./texts.de.ts') });
