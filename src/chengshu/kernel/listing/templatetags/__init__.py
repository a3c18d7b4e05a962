"""What templates of other rooms may use of the list pattern."""
