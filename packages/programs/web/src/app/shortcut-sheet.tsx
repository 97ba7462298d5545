import { Dialog } from '../controls/dialog.tsx';
import { texts } from '../texts/texts.ts';

/** Lists the keyboard shortcuts. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={texts.shell.shortcuts} onClose={onClose}>
      <dl>
        {texts.shortcuts.map(([keys, description]) => (
          <div key={keys} style={{ display: 'contents' }}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
