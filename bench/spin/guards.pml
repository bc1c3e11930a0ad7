/*
 * What each guard of the chart decides, written by hand from what design.md says, over the model's own small memory.
 * Only #define, and only what Promela and C have in common: the same text is compiled as C for the truth table.
 */

#define isAborted (aborted)
#define isHalted (halted)
#define isInDoubt (doubtNewest || doubtOlder || doubtEarlier)
#define isKnownApplied (known)
#define hasNextAction (tool != 0)
#define isGoalDue (claim == claim_done && tool == 0)

/* Replies, words and rules. */
#define outcomeIs(wanted) (e_outcome == wanted)
#define foundIs(wanted) (e_found == wanted)
#define originIs(wanted) (origin == wanted)
#define ruleIs(wanted) \
  ( (wanted == is_safe && SAFE(tool)) \
  || (wanted == is_reconcile && RECONCILES(tool)) \
  || (wanted == is_stop && STOPS_AT_LIMIT) \
  || (wanted == is_verificationFailed && errorClass == is_verificationFailed) \
  || ((wanted == is_duplicate || wanted == is_halted) && e_reason == wanted) )
#define concerns (e_key == key_present)
#define isMeasured (e_measured)
#define needsBaseline (HAS_METRIC && !baseline)

/* What the agent's turn amounts to. */
#define turnFailed (e_outcome == is_failed)
#define turnStuck (!turnFailed && e_claim == claim_stuck)
#define turnTooBig (!turnFailed && !turnStuck && e_oversized)
#define turnPlain (!turnFailed && e_claim == claim_none && !e_oversized)
#define isTurn(kind) \
  ( (kind == is_failed && turnFailed) \
  || (kind == is_stuck && turnStuck) \
  || (kind == is_oversized && turnTooBig) \
  || (kind == is_empty && turnPlain && e_tool == 0 && !e_changed) \
  || (kind == is_reads && turnPlain && READS(e_tool) && e_more != more_any) )

/* What the verifiers said. */
#define isRejected (e_verdict == verdict_failed)
#define isGoalReached (e_verdict == verdict_passed && isGoalDue && !isInDoubt)
#define isProposalProved (e_verdict == verdict_passed && !isGoalDue)

/* Limits and detectors: what is used up, or was seen too often, is found out. */
#define outOfTime (found == is_deadlineMs || found == is_activeMs)
#define isOutOfTime outOfTime
#define isWithin(limit) (found != limit)
#define isAtLimit(steps) \
  (outOfTime || found == is_tokens || found == is_costMicroUsd || (steps == 1 && found == is_steps))
#define isRepeating (found == is_repeating)
#define shouldNudgeRepetition (found == is_repeated)
#define isStuck (found == is_fruitless)
#define shouldNudgeProgress (found == is_idle)

/* The gate. Each line: nothing was wrong so far, nor this. */
#define unhalted (!halted && !e_halted)
#define affordable (unhalted && !outOfTime && (READS(tool) || found != is_effects))
#define wellFormed (affordable && e_valid)
#define withinScope (wellFormed && e_inScope)
#define lawful (withinScope && e_policy != policy_forbid)
#define permitted (lawful && e_permitted)
#define unique (permitted && !e_duplicate)
#define novel (unique && (READS(tool) || !e_appliedBefore || e_granted))
#define proven (novel && (READS(tool) || (verdict == verdict_passed && !e_moved && !e_old)))
#define unasked (!DESTRUCTIVE(tool) && !SENSITIVE(tool) && e_policy == policy_allow && !e_usedBefore)
#define open (proven && (unasked || e_granted))
#define mayObserve (open && READS(tool))
#define mayDispatch (open && !READS(tool))
#define isRefused(reason) \
  ( (reason == is_halted && !unhalted) \
  || (reason == is_limit && unhalted && !affordable) \
  || (reason == is_invalidArguments && affordable && !wellFormed) \
  || (reason == is_outOfScope && wellFormed && !withinScope) \
  || (reason == is_forbidden && withinScope && !lawful) \
  || (reason == is_missingPermission && lawful && !permitted) \
  || (reason == is_duplicate && permitted && !unique) \
  || (reason == is_alreadyApplied && unique && !novel) \
  || (reason == is_stale && novel && !proven) \
  || (reason == is_needsApproval && proven && !open) )
#define isRefusedInDoubt(reason) (isInDoubt && isRefused(reason))
#define isApproved (e_granted)

/* What became of a dispatch. */
#define isAbsentCertain (e_found == is_absent && (SETTLED_AT_ONCE(tool) || e_settled))
#define mayAskAgain (found != is_often)
#define isConfirmed (e_confirmed && !e_moved)
#define isConfirmedButMoved (e_confirmed && e_moved)

/* Retry. */
#define forPerson (errorClass == is_unauthenticated || errorClass == is_forbidden)
#define forAgent \
  ( errorClass == is_invalidArguments || errorClass == is_notFound || errorClass == is_conflict \
  || errorClass == is_verificationFailed || errorClass == is_denied \
  || (errorClass == is_internal && origin == is_proposal) )
#define sparedByMetric (HAS_METRIC && errorClass == is_verificationFailed)
#define again (!forPerson && !sparedByMetric && forAgent && found == is_same)
#define exhausted (!forPerson && !sparedByMetric && !again && (found == is_many || found == is_muchLater))
#define isRetryRefused(reason) \
  ( (reason == is_missingPermission && forPerson) \
  || (reason == is_sameFailure && again) \
  || (reason == is_retriesExhausted && exhausted) )
#define mayRetry(how) (how == is_backoff && !forPerson && !forAgent && !exhausted)

/* A person's word. */
#define mayResume (!isInDoubt && !halted)
#define aboutDoubt ((doubtEarlier && e_key == key_earlier) || (!doubtEarlier && e_key == key_present))
#define maySettle(wanted) (isInDoubt && aboutDoubt && e_found == wanted)
