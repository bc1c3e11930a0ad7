/*
 * What may never happen, by hand, from design.md: events in, the call that was asked for and the state's name out. No
 * monitor looks into the chart's memory, but for what a call's input says: the action, its key, what is to be verified.
 */

#define RUNS (call == call_execute || call == call_observe)
#define REPLIED(name) (ev == ev_done_actor_##name)
#define VERIFIES_GOAL (call == call_verify && st == st_verifying && isGoalDue)

bit w_passed;                 /* the last verdict passed, and nothing voided it since */
bit w_aborted; bit w_halted;
byte w_key; byte w_tool; bit w_newest; bit w_older; bit w_applied;
bit w_owed; bit w_more; bit w_goal;
bit w_isOpen;

inline watchVerdict() {
  if :: REPLIED(verify) -> w_passed = (e_verdict == verdict_passed) :: else fi;
  freshVerdict = !(call == call_execute) || (REPLIED(assess) && w_passed && !e_moved && !e_old);
  assert(freshVerdict);
  if
  :: st == st_escalated || st == st_effect_awaitingApproval || call == call_act || ev == ev_run_continued -> w_passed = 0
  :: else
  fi
}

inline watchGate() {
  approved = !RUNS || (REPLIED(assess) &&
    (e_granted || !(DESTRUCTIVE(tool) || SENSITIVE(tool) || e_policy != policy_allow || e_usedBefore ||
       (call == call_execute && e_appliedBefore))));
  assert(approved);
  gated = !RUNS || (REPLIED(assess) &&
    e_valid && e_inScope && e_permitted && e_policy != policy_forbid && !e_halted && !e_duplicate);
  assert(gated)
}

#define SETTLED (ev == ev_directive_settle && before == st_escalated && st != st_escalated)

#define FORGET w_newest = 0; w_older = 0

/* What the event says became of the effect that was dispatched last. */
inline learnOutcome() {
  if
  :: REPLIED(execute) && e_outcome == is_applied -> FORGET; w_applied = 1
  :: REPLIED(execute) && e_outcome == is_notApplied -> if :: w_newest -> w_newest = 0 :: else -> w_older = 0 fi
  :: REPLIED(reconcile) && e_found == is_applied -> FORGET; w_applied = 1
  :: REPLIED(reconcile) && e_found == is_absent && (e_settled || SETTLED_AT_ONCE(w_tool)) -> FORGET
  :: ev == ev_effect_lateOutcome && e_key == w_key && e_outcome == is_applied -> FORGET; w_applied = 1
  :: ev == ev_effect_lateOutcome && e_key == w_key && e_outcome == is_notApplied && e_attempt == attempt_newest ->
     w_newest = 0
  :: ev == ev_effect_lateOutcome && e_key == w_key && e_outcome == is_notApplied && e_attempt == attempt_older ->
     w_older = w_older && !e_last
  :: SETTLED && e_key == w_key -> FORGET; w_applied = w_applied || (e_found == is_applied)
  :: else
  fi
}

inline watchDoubt() {
  if :: w_key != key_none -> learnOutcome() :: else fi;
  if :: otherKey && w_key != key_none -> w_key = key_earlier :: else fi;
  w_isOpen = w_newest || w_older;
  doubtHeld = !(w_isOpen && (call == call_act || call == call_observe || VERIFIES_GOAL || outcome == is_goal)) &&
    !(call == call_execute && w_isOpen && (w_key == key_earlier || !SAFE(tool))) &&
    !(call == call_execute && w_key == key_present && w_applied);
  assert(doubtHeld);
  if
  :: call == call_execute ->
     w_older = (w_key == key_present) && w_isOpen; w_newest = 1; w_applied = 0; w_key = key_present; w_tool = tool
  :: else
  fi;
  if :: w_key == key_earlier && !w_newest && !w_older -> w_key = key_none; w_tool = 0; w_applied = 0 :: else fi;
  w_isOpen = 0
}

#define DELIVERED ((REPLIED(execute) && e_outcome == is_applied) || (REPLIED(observe) && e_outcome == is_observed) || \
  (REPLIED(reconcile) && e_found == is_applied) || (ev == ev_effect_lateOutcome && e_key == key_present && e_outcome == is_applied) || \
  (SETTLED && e_key == key_present && e_found == is_applied) || \
  (REPLIED(assess) && e_appliedBefore && VERIFIES_GOAL))

inline watchSuccess() {
  provedSuccess = !(outcome == is_goal) || (w_goal && REPLIED(verify) && e_verdict == verdict_passed);
  assert(provedSuccess);
  if
  :: REPLIED(act) && e_outcome != is_failed && !e_oversized -> w_owed = (e_tool != 0); w_more = (e_more != more_none); w_goal = 0
  :: else
  fi;
  if :: DELIVERED -> w_owed = 0 :: else fi;
  if :: took -> w_owed = 1; w_more = (more != more_none) :: else fi;
  provedSuccess = !(VERIFIES_GOAL && (w_owed || w_more)) || call == call_act;
  assert(provedSuccess);
  if :: call == call_act -> w_owed = 0; w_more = 0; w_goal = 0 :: call != 0 && call != call_act -> w_goal = VERIFIES_GOAL :: else fi
}

inline watchPeople() {
  if
  :: ev == ev_run_continued -> w_aborted = 0
  :: ev == ev_directive_abort -> w_aborted = 1
  :: else
  fi;
  abortEnds = !w_aborted || ((call == 0 || call == call_confirm) &&
    (st == st_effect_committing || st == st_effect_confirming || st == st_succeeded || st == st_stopped));
  assert(abortEnds);
  if :: ev == ev_directive_halt -> w_halted = 1 :: ev == ev_directive_liftHalt -> w_halted = 0 :: else fi;
  haltHolds = !(w_halted && (call == call_act || RUNS));
  assert(haltHolds)
}

bit freshVerdict, approved, gated, doubtHeld, provedSuccess, abortEnds, haltHolds;

inline watch() {
  watchVerdict(); watchGate(); watchDoubt(); watchSuccess(); watchPeople();
  freshVerdict = 0; approved = 0; gated = 0; doubtHeld = 0; provedSuccess = 0; abortEnds = 0; haltHolds = 0
}
