"""Filing letters (申报函): which letter a case stands under, and what the one reply to it says of the case."""
