/*
 * Everything that can happen to a run, by hand: one event with its facts, each a free choice. One thing at a time is
 * found out that came about before (a limit used up, a detector's hit, a failure too many).
 */

inline either(bit_) { if :: bit_ = 0 :: bit_ = 1 fi }

/* `anyTool` and `readingTool` are generated from the contract. */

inline someClass() { select(e_class : FIRST_CLASS .. LAST_CLASS) }

inline someKey() { if :: e_key = key_present :: e_key = key_earlier :: e_key = key_none fi }

inline limitOrDetector() { select(found : FIRST_FOUND .. LAST_DETECTOR) }
inline oneTooMany() { select(found : FIRST_FOUND .. LAST_STREAK) }
inline perhaps() { if :: skip :: limitOrDetector() fi }
inline perhapsOneTooMany() { if :: skip :: oneTooMany() fi }

inline aTurn() {
  if
  :: e_outcome = is_failed; someClass(); perhapsOneTooMany()
  :: e_oversized = 1; perhapsOneTooMany()
  :: e_claim = claim_stuck
  :: if :: e_claim = claim_none :: e_claim = claim_done fi;
     either(e_changed);
     if
     :: perhaps()
     :: anyTool(e_tool); if :: e_more = more_none :: e_more = more_reads :: e_more = more_any fi
     fi
  fi
}

inline aVerdict() {
  if :: e_verdict = verdict_passed :: e_verdict = verdict_failed :: e_verdict = verdict_unverifiable fi;
  either(e_measured);
  perhapsOneTooMany()
}

/* Where something outright wrong is found, the rest is left as one would hope: any one of them refuses. */
inline someFacts() {
  e_valid = 1; e_inScope = 1; e_permitted = 1;
  if
  :: either(e_halted); either(e_valid); either(e_inScope); either(e_permitted); either(e_duplicate); either(e_granted);
     if :: e_policy = policy_forbid :: e_policy = policy_allow fi
  :: either(e_appliedBefore); either(e_usedBefore); either(e_moved); either(e_old); either(e_granted);
     if :: e_policy = policy_allow :: e_policy = policy_ask fi;
     perhaps()
  fi
}

inline anOutcome() {
  if
  :: e_outcome = is_applied; perhaps()
  :: e_outcome = is_observed; perhaps()
  :: if :: e_outcome = is_notApplied :: e_outcome = is_unknown fi; someClass(); perhapsOneTooMany()
  fi
}

inline anAnswer() {
  if
  :: e_found = is_applied; perhaps()
  :: e_found = is_absent; either(e_settled); perhapsOneTooMany()
  :: e_found = is_unknown
  fi;
  if :: skip :: found = is_often fi
}

inline somethingHappens() {
  if
  :: !ENDED && AWAITS_act -> ev = ev_done_actor_act; aTurn()
  :: !ENDED && AWAITS_act -> ev = ev_error_actor_act; perhapsOneTooMany()
  :: !ENDED && AWAITS_verify -> ev = ev_done_actor_verify; aVerdict()
  :: !ENDED && AWAITS_verify -> ev = ev_error_actor_verify; perhaps()
  :: !ENDED && AWAITS_assess && tool != 0 -> ev = ev_done_actor_assess; someFacts()
  :: !ENDED && AWAITS_assess && tool != 0 -> ev = ev_error_actor_assess; perhaps()
  :: !ENDED && AWAITS_assess && tool != 0 ->
     ev = ev_commit_refused; perhaps();
     if :: e_reason = is_duplicate :: e_reason = is_halted :: e_reason = is_grantUsed fi
  :: !ENDED && AWAITS_observe && tool != 0 -> ev = ev_done_actor_observe; anOutcome()
  :: !ENDED && AWAITS_observe && tool != 0 -> ev = ev_error_actor_observe; perhapsOneTooMany()
  :: !ENDED && AWAITS_execute && tool != 0 -> ev = ev_done_actor_execute; anOutcome()
  :: !ENDED && AWAITS_execute && tool != 0 -> ev = ev_error_actor_execute; perhapsOneTooMany()
  :: !ENDED && AWAITS_reconcile && tool != 0 -> ev = ev_done_actor_reconcile; anAnswer()
  :: !ENDED && AWAITS_reconcile && tool != 0 -> ev = ev_error_actor_reconcile; if :: skip :: found = is_often fi
  :: !ENDED && AWAITS_confirm && tool != 0 ->
     ev = ev_done_actor_confirm; perhaps(); either(e_confirmed); either(e_moved)
  :: !ENDED && AWAITS_confirm && tool != 0 -> ev = ev_error_actor_confirm; perhaps()
  :: !ENDED && TIMED -> ev = ev_timer; if :: perhapsOneTooMany() :: found = is_often fi
  :: !ENDED -> ev = ev_host_recovered; perhapsOneTooMany()
  :: !ENDED -> ev = ev_host_failed
  :: !ENDED && st == st_effect_awaitingApproval && tool != 0 -> ev = ev_approval_granted; either(e_granted)
  :: !ENDED && st == st_effect_awaitingApproval && tool != 0 ->
     ev = ev_approval_denied; someKey(); perhapsOneTooMany()
  :: !ENDED && st == st_escalated ->
     ev = ev_directive_settle; someKey(); if :: e_found = is_applied :: e_found = is_absent fi; perhaps()
  :: !ENDED && st == st_escalated -> ev = ev_directive_resume; perhaps()
  :: !ENDED -> ev = ev_directive_abort
  :: !ENDED -> if :: halted -> ev = ev_directive_liftHalt :: else -> ev = ev_directive_halt fi
  :: (!ENDED || outcome == is_limit) && underway ->
     ev = ev_effect_lateOutcome; either(e_last);
     if :: e_outcome = is_applied :: e_outcome = is_notApplied fi;
     someKey();
     if :: e_attempt = attempt_newest :: e_attempt = attempt_older fi
  :: !ENDED || outcome == is_limit -> ev = ev_run_continued; perhaps()
  fi
}
