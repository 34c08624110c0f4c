"""A filled document -> an editable draft in Word, marked as one."""
