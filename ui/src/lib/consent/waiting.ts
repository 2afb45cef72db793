// Which Requests wait for the person.

import type { RequestSummary } from '../bindings/RequestSummary';

/** Whether it is not decided yet, and its time is not over. */
export function isOpen(request: RequestSummary): boolean {
  return ['Open', 'DecisionRequired', 'ManualDecisionRequired'].includes(request.status);
}

/** Whether it is decided, and the Decision can still be taken back. */
export function isHeld(request: RequestSummary): boolean {
  return request.held?.state === 'held';
}

/** Whether it waits: open, not decided, and not put away. */
export function waits(request: RequestSummary): boolean {
  return isOpen(request) && !isHeld(request) && !request.isDismissed;
}
