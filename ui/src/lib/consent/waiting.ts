// Which Requests wait for the person.

import type { RequestSummary } from '../bindings/RequestSummary';

/** Whether it is not decided yet, and its time is not over. */
export function isOpen(request: RequestSummary): boolean {
  return ['Open', 'DecisionRequired', 'ManualDecisionRequired'].includes(request.status);
}

/** Whether it waits: open, and not put away. */
export function waits(request: RequestSummary): boolean {
  return isOpen(request) && !request.isDismissed;
}
