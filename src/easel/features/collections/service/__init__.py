"""What people do with collections: begin, change, delete; put pictures in, take them out, put them in order."""
