"""What has to be shown, derived from the model: policies and nature as variables, fate as a formula over them."""
