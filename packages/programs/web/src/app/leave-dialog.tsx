import { Dialog } from '../controls/dialog.tsx';
import { useLeaveConfirmation } from '../routes/location.ts';
import { texts } from '../texts/texts.ts';

/** Asks for confirmation before the user leaves a form with unsaved changes. */
export function LeaveDialog() {
  const leaving = useLeaveConfirmation();
  if (leaving === undefined) return null;
  const { leave, stay } = leaving;
  return (
    <Dialog title={texts.controls.leaveTitle} onClose={stay}>
      <p>{texts.controls.leaveEffect}</p>
      <div className="row">
        <button type="button" className="button danger" onClick={leave}>
          {texts.controls.leave}
        </button>
        <button type="button" className="button" onClick={stay}>
          {texts.controls.stay}
        </button>
      </div>
    </Dialog>
  );
}
