/* One run: something happens, the chart moves until nothing is left to do, and the monitors look. The
 * chart's transitions on an event are put where one word is written in capitals below. */

/* The turn's next action is looked at only when its turn has come. */
inline unfold() {
  if
  :: tool == LATER ->
     took = 1;
     if
     :: more == more_reads -> readingTool(tool); if :: more = more_none :: skip fi
     :: else -> anyTool(tool); if :: more = more_none :: skip fi
     fi
  :: else
  fi
}

#define KEEPS_TURN (underway || !(ENDED || st == st_acting || st == st_measuring || st == st_escalated \
  || (st == st_waiting && origin == is_turn)))

/* What nothing can make use of any more is put to one value. */
inline forget() {
  if :: !KEEPS_TURN -> tool = 0; more = more_none; claim = claim_none :: else fi;
  if
  :: st != st_waiting -> noFailure
  :: else -> errorClass = is_internal; if :: origin != is_turn -> origin = is_effect :: else fi
  fi;
  if :: ENDED && outcome != is_limit -> underway = 0 :: else fi;
  before = 0; ev = 0; call = 0; otherKey = 0; took = 0;
  forgetEvent()
}

active proctype aRun() {
  c_code { atexit(printTaken); };
  d_step { noFailure; begin(); settle(); skip }
  if :: fault -> goto end_thrown :: else fi;
  d_step { watch(); forget() }
end:
  do
  :: atomic {
       somethingHappens();
       before = st;
       if
       :: ev == ev_run_continued -> d_step { do_carry; begin(); settle(); skip }
       :: else -> d_step { DISPATCH; settle(); skip }
       fi;
       if :: fault -> goto end_thrown :: else fi;
       unfold();
       d_step { watch(); forget() }
     }
  od;
end_thrown: /* the fold threw and was discarded: as if nothing had happened */
  false
}
