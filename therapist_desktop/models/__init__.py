"""What a practice consists of: mapped classes and the rules about them."""
