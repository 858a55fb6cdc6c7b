"""What tests, demos and replays share: clocks to step, drivers and generators; shipped for users' own tests."""
