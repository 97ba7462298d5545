import { useState } from 'react';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { chooseDensity, chooseTheme, DENSITIES, density, THEMES, theme } from '../themes/theme.ts';
import { ChoiceGroup } from './choice-group.tsx';

/** Theme and density of the pages in this browser. */
export function AppearanceSettings() {
  const [look, setLook] = useState({ theme: theme(), density: density() });
  return (
    <Region title={texts.settings.look}>
      <ChoiceGroup
        label={texts.settings.theme}
        choices={THEMES.map((each) => [each, texts.settings.themes[each]])}
        chosen={look.theme}
        onChoose={(next) => {
          chooseTheme(next);
          setLook({ ...look, theme: next });
        }}
      />
      <ChoiceGroup
        label={texts.settings.density}
        choices={DENSITIES.map((each) => [each, texts.settings.densities[each]])}
        chosen={look.density}
        onChoose={(next) => {
          chooseDensity(next);
          setLook({ ...look, density: next });
        }}
      />
    </Region>
  );
}
