"""The read side: queues, timelines, boards and the public view; nothing here writes."""
