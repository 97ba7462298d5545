import { GatewayRefused } from '@medkit/client';
import type { ReactNode } from 'react';
import './feature-off.css';

/** Returns whether the gateway refused a request because the feature is off or not configured. */
export const isFeatureOff = (error: Error | null): error is GatewayRefused =>
  error instanceof GatewayRefused && error.status === 501;

interface FeatureOffProps {
  readonly title: string;
  /** Reason of the gateway, usually with the configuration key. */
  readonly reason: string;
  /** Configuration that enables the feature. */
  readonly config: string;
  readonly children?: ReactNode;
}

/** Shown instead of a list whose feature is off: the reason, and the configuration that enables it. */
export function FeatureOff({ title, reason, config, children }: FeatureOffProps) {
  return (
    <section className="card stack" aria-label={title}>
      <p>
        <strong>{title}</strong>
      </p>
      <p>{reason}</p>
      {children}
      <pre className="feature-config">{config}</pre>
    </section>
  );
}
