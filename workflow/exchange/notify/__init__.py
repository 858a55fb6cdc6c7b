"""The channels of notifications: mail; robots of WeCom (企业微信), DingTalk (钉钉) and Feishu (飞书); a signed webhook.

Each tells what came of a call in the engine's words (`workflow.engine.notifier`) and never lets a secret or an address out:
not into a log, not into an error, not into the database.
"""
