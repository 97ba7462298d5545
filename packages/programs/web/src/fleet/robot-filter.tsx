import { useState } from 'react';
import { changeSearch, useSearch } from '../routes/location.ts';
import { RobotField } from './robot-field.tsx';
import { t } from './texts.ts';

/** The filter of a list by robot; the address has it. */
export function RobotFilter() {
  const ofAddress = useSearch().get('robot') ?? '';
  const [robot, setRobot] = useState(ofAddress);
  return (
    <form
      className="filter"
      onSubmit={(event) => {
        event.preventDefault();
        changeSearch({ robot: robot.trim() });
      }}
    >
      <RobotField
        label={t.name}
        value={robot}
        onType={(text, isKnown) => {
          setRobot(text);
          // Applies a complete name immediately, and another with Enter.
          if (isKnown || text === '') changeSearch({ robot: text.trim() });
        }}
      />
    </form>
  );
}
