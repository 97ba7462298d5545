import type { ReactNode } from 'react';
import { Heading } from '../heading/heading.tsx';
import { FeatureOff, isFeatureOff } from '../regions/feature-off.tsx';
import { t } from './texts.ts';

const CONFIG = `fleet:
  enabled: true`;

interface FleetPartProps {
  readonly heading: string;
  /** Error of the request for the content. */
  readonly error: Error | null;
  readonly children: ReactNode;
}

/** The content of a page of the fleet; on a gateway that is no hub, how it becomes one. */
export function FleetPart({ heading, error, children }: FleetPartProps) {
  if (!isFeatureOff(error)) return children;
  return (
    <div className="stack">
      <Heading>{heading}</Heading>
      <FeatureOff title={t.off} reason={error.message} config={CONFIG}>
        <p className="soft">{t.offHelp}</p>
      </FeatureOff>
    </div>
  );
}
