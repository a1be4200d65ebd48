"""What has to be shown, derived from the model: policies and nature as Boolean variables, fate as a formula over them."""
