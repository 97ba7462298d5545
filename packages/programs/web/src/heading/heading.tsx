import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { requestFocus, takeFocusRequest } from '../routes/location.ts';
import { setPageTitle } from './page-title.ts';

interface HeadingProps {
  readonly className?: string;
  readonly children: ReactNode;
}

/**
 * The heading of a page. Its text is the title of the browser tab. Takes the focus after a navigation, so that a screen
 * reader announces the new page and the Tab key continues from its beginning (WCAG 2.4.2, 2.4.3).
 */
export function Heading({ className, children }: HeadingProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    const heading = ref.current;
    if (takeFocusRequest()) heading?.focus({ preventScroll: true });
    return () => {
      // A page may replace the heading of its placeholder by its final one.
      if (document.activeElement === heading) requestFocus();
    };
  }, []);
  useEffect(() => setPageTitle(ref.current?.textContent ?? ''));
  return (
    <h1 ref={ref} tabIndex={-1} className={className}>
      {children}
    </h1>
  );
}
