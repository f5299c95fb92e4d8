"""The subcommands of `govsite`. Each module declares its arguments (`declare`) and does its work (`run`)."""
