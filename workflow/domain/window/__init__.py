"""The window (窗口): who took a filing in and when it counts as received; corrections on the spot; papers handed out."""
