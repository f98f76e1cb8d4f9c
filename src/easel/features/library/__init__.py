"""The library: pictures, their files and renditions, the trash. How pictures come about is `generation`."""
