"""Notifications (消息提醒): which event tells whom, and when a message may be sent. Pure, as everything in the domain."""
